"""How much of the machine one submission's world may take."""

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound one world; sizes in bytes, times in seconds."""

    scratch_bytes: int = 128 * MEGABYTE
    files: int = 12_000
    file_bytes: int = 32 * MEGABYTE
    memory_bytes: int = 1_200 * MEGABYTE
    """Of all the world's processes together, and of the address space of each."""
    processes: int = 64
    open_files: int = 256
    cpu_s: int = 60
    import_s: int = 15
    """The wall time that importing the submission may take."""
    cell_s: int = 20
    """The wall time that a cell of a notebook may take."""
    notebook_s: int = 60
    """The wall time after which each further cell gets a second only."""

    def as_plain(self) -> dict[str, int]:
        """Return the limits as the stage reads them."""
        return asdict(self)
