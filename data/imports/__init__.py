"""Own data: areas, organisations, places and cases from files, all of a file or, with `skip_bad`, its good rows."""

from data.imports.areas import import_areas
from data.imports.cases import import_cases
from data.imports.mapping import Mapping, read_mapping
from data.imports.organisations import import_organisations
from data.imports.places import import_places
from data.imports.report import BadRow, ImportRefused, ImportReport, InputError

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
