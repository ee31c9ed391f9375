"""Do once in the stage what every submission does, so that forks find it done.

SQLAlchemy, pydantic, FastAPI and Alembic prepare much when they are first used, and a
forked process inherits that. The model here has a registry and a metadata of its own.
"""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import sqlalchemy as sa
from _pytest.config import default_plugins
from alembic import op
from alembic.autogenerate import produce_migrations
from alembic.config import CommandLine
from alembic.migration import MigrationContext
from alembic.operations import Operations
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from pydantic import StringConstraints
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import registry, selectinload
from sqlalchemy.pool import StaticPool
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select
from sqlmodel.sql import sqltypes


class Base(SQLModel, registry=registry()):
    """What the throw-away tables share, apart from everyone else's."""

    metadata = sa.MetaData()


class Shelf(Base, table=True):
    """A throw-away table."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, unique=True)

    boxes: list["Box"] = Relationship(back_populates="shelf", cascade_delete=True)


class Box(Base, table=True):
    """Another, which points at the first."""

    id: int | None = Field(default=None, primary_key=True)
    shelf_id: int = Field(foreign_key="shelf.id")
    size: int = Field(ge=1, le=5)

    shelf: Shelf = Relationship(back_populates="boxes")


class ShelfCreate(SQLModel):
    """A throw-away payload."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    size: int = Field(ge=1, le=5)


class BoxRead(SQLModel):
    """A throw-away answer within another."""

    id: int
    size: int


class ShelfRead(SQLModel):
    """A throw-away answer."""

    id: int
    name: str
    boxes: list[BoxRead] = []


def enforce_foreign_keys(connection: object, _: object) -> None:
    """Do as the service does on each new connection."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def create_tables() -> None:
    """Create both tables as a revision does."""
    op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf")),
    )
    op.create_index(op.f("ix_shelf_name"), "shelf", ["name"], unique=True)
    op.create_table(
        "box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shelf_id"], ["shelf.id"], name="fk_box_shelf"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("box") as box:
        box.create_check_constraint("size_range", sa.text("size BETWEEN 1 AND 5"))
        box.create_index("ix_box_size", ["size"])


def rehearse_migrations(engine: sa.Engine) -> None:
    """Build tables, compare them with the models, and drop them again."""
    CommandLine(prog="alembic").parser.parse_args(["upgrade", "head"])
    options = {"target_metadata": Base.metadata, "compare_type": True}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        with context.begin_transaction(), Operations.context(context):
            create_tables()
        produce_migrations(context, Base.metadata)
        with context.begin_transaction(), Operations.context(context):
            op.drop_table("box")
            op.drop_index(op.f("ix_shelf_name"), table_name="shelf")
            op.drop_table("shelf")


def rehearse_rows(engine: sa.Engine) -> None:
    """Store, refuse, find and remove rows."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        shelf = Shelf(name="one")
        shelf.boxes.append(Box(shelf_id=0, size=1))
        session.add(shelf)
        session.commit()
        session.refresh(shelf)
        session.add(Shelf(name="one"))
        with contextlib.suppress(IntegrityError):
            session.commit()
        session.rollback()
        statement = select(Shelf).where(Shelf.name == "one").order_by("name")
        loading = selectinload(Shelf.boxes)  # type: ignore[arg-type]  # typed as a list
        session.exec(statement.options(loading)).all()
        session.get(Shelf, 1)


def build(engine: sa.Engine) -> FastAPI:
    """Build an application with the kinds of routes that services have."""
    router = APIRouter()

    async def open_session() -> AsyncIterator[Session]:
        with Session(engine) as session:
            yield session

    used = Annotated[Session, Depends(open_session)]

    @router.get("/shelves/{number}", response_model=ShelfRead)
    async def show(number: int, session: used) -> object:
        found = session.get(Shelf, number)
        if found is None:
            raise HTTPException(status_code=404)
        return found

    @router.post("/shelves", response_model=ShelfRead, status_code=201)
    async def add(payload: ShelfCreate, session: used) -> object:
        shelf = Shelf(name=payload.name)
        session.add(shelf)
        session.commit()
        session.refresh(shelf)
        return shelf

    application = FastAPI()
    application.include_router(router)
    return application


async def rehearse_requests(application: FastAPI) -> None:
    """Send right and wrong requests."""
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        await client.post("/shelves", json={"name": "two", "size": 2})
        await client.post("/shelves", json={"name": " ", "size": 9})
        await client.get("/shelves/1")
        await client.get("/shelves/99")
        await client.get("/openapi.json")


def rehearse() -> None:
    """Do it all on a database in memory, which then is gone."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    sa.event.listen(engine, "connect", enforce_foreign_keys)
    rehearse_migrations(engine)
    rehearse_rows(engine)
    asyncio.run(rehearse_requests(build(engine)))
    engine.dispose()


with contextlib.suppress(Exception):  # it only saves time, and has to spoil nothing
    rehearse()


def load_test_plugins() -> None:
    """Import what pytest imports when it starts."""
    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")


load_test_plugins()
