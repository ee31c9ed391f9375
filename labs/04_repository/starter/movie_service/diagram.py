"""Describe the tables as a page with a Mermaid diagram."""

from sqlalchemy import MetaData


def data_model_page(metadata: MetaData) -> str:
    """Write the page that shows every table, relation and constraint."""
    # TODO(repository): write an erDiagram with one entity for each table and one line
    # for each foreign key.
    names = ", ".join(sorted(metadata.tables))
    return f"# Data model\n\nTables: {names}\n"
