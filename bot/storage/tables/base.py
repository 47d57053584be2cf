"""What all tables share: their names' rule, the keys of rows that number themselves, of people."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

RowId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself in an INTEGER key only


def row_id() -> Column[int]:
    return Column("id", RowId, Identity(), primary_key=True)


def person_key(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey("person.id"), primary_key=key, nullable=False)
