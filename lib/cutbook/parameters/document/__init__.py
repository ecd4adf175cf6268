"""The page that explains the parameter files, made of their models, of the shipped files and of an introduction."""

from cutbook.parameters.document.page import document_page, introduction

__all__ = ["document_page", "introduction"]
