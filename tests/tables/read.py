"""Reads a workbook and prints its cells as JSON: value, type as stored, whether marked as text."""
import json
import sys

import openpyxl

# Formulas stay formulas: what a spreadsheet would compute is seen as such.
book = openpyxl.load_workbook(sys.argv[1], data_only=False)
print(json.dumps({
    sheet.title: [
        [{"value": None if cell.value is None else str(cell.value), "type": cell.data_type, "date": cell.is_date, "quoted": bool(cell.quotePrefix)}
         for cell in row]
        for row in sheet.iter_rows()
    ]
    for sheet in book.worksheets
}, ensure_ascii=False))
