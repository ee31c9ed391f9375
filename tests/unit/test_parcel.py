"""A world's files arrive as they were sent."""

from grader.sandbox.inside.parcel import pack, unpack


def test_files_come_out_as_they_went_in() -> None:
    """Empty ones, too, and whatever their names are."""
    files = {"a.py": b"x = 1\n", "ä/空.txt": b"", "b\n.bin": bytes(range(256)) * 9}

    unpacked = {path: bytes(content) for path, content in unpack(pack(files))}

    assert unpacked == files
    assert list(unpack(pack({}))) == []
