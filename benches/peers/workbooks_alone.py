"""Every cell of every workbook of a folder, read and thrown away: workbooks_alone.py openpyxl|calamine RAW_DIR

The least that a reader in Python needs, without any cleaning.
"""

import sys
from pathlib import Path


def openpyxl(path):
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    return sum(sum(cell is not None for cell in row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))


def calamine(path):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return sum(
        sum(cell != "" for cell in row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
    )


if __name__ == "__main__":
    read = {"openpyxl": openpyxl, "calamine": calamine}[sys.argv[1]]
    print(sum(read(path) for path in sorted(Path(sys.argv[2]).glob("*.xlsx"))), "cells")
