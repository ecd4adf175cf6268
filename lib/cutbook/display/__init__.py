"""How declared displays look: tables, figures, listings and sentences made from results."""

from cutbook.display.behind.records import record_book
from cutbook.display.page import Page
from cutbook.display.show import show

__all__ = ["Page", "record_book", "show"]
