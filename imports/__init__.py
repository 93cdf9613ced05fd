"""Own data: areas, organisations, places and cases from files, all of a file or, with `skip_bad`, its good rows."""

from imports.areas import import_areas
from imports.cases import import_cases
from imports.mapping import Mapping, read_mapping
from imports.organisations import import_organisations
from imports.places import import_places
from imports.report import BadRow, ImportRefused, ImportReport, InputError

__all__ = [
    "BadRow",
    "ImportRefused",
    "ImportReport",
    "InputError",
    "Mapping",
    "import_areas",
    "import_cases",
    "import_organisations",
    "import_places",
    "read_mapping",
]
