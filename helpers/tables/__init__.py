"""Tables: the house theme, and the tables of a cohort, each from a tidy frame to one that is shown."""

from helpers.tables.house import (
    MISSING,
    definition_list,
    house_table,
    plain_text,
    safe_csv,
    show_table,
    table_html,
    write_table,
)

__all__ = [
    "MISSING",
    "definition_list",
    "house_table",
    "plain_text",
    "safe_csv",
    "show_table",
    "table_html",
    "write_table",
]
