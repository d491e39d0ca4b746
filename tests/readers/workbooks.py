"""Reads a workbook by openpyxl, calamine and pandas, and prints what each makes of its first sheet as JSON."""
import datetime, json, sys

import openpyxl, pandas, python_calamine

path = sys.argv[1]


def plain(value):
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    return value


book = openpyxl.load_workbook(path)
sheet = book.worksheets[0]
print(json.dumps({
    "openpyxl": [[plain(cell.value) for cell in row] for row in sheet.rows],
    "kinds": [cell.data_type for cell in sheet[2]],
    "formats": [cell.number_format for cell in sheet[2]],
    "bold": [cell.font.bold for cell in sheet[1]],
    "frozen": sheet.freeze_panes,
    "sheets": book.sheetnames,
    "calamine": [[plain(value) for value in row] for row in python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()],
    "pandas": {name: str(kind) for name, kind in pandas.read_excel(path, engine="openpyxl").dtypes.items()},
}))
