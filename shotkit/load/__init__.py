"""Reads shots in two phases and merges them; reads the lists and the gallery. All of it as Arrow tables."""

from shotkit.load.bulk import load_all_generations, load_links
from shotkit.load.cells import parsed
from shotkit.load.find import find
from shotkit.load.gallery import GalleryFilter, load_gallery
from shotkit.load.lacking import lacking, words
from shotkit.load.lineage import load_details, load_lineage
from shotkit.load.lists import load_ledger, load_projects, load_shots, load_tasks, load_variants
from shotkit.load.merge import Merged
from shotkit.load.phases import load_shown
from shotkit.load.rows import Phase, ShotRows, load_phase_one, load_phase_two, load_rows
from shotkit.load.select import on_timeline, unpositioned, videos
from shotkit.load.xray import XRay, load_xray

__all__ = [
    "GalleryFilter",
    "Merged",
    "Phase",
    "ShotRows",
    "XRay",
    "find",
    "lacking",
    "load_all_generations",
    "load_details",
    "load_gallery",
    "load_ledger",
    "load_lineage",
    "load_links",
    "load_phase_one",
    "load_phase_two",
    "load_projects",
    "load_rows",
    "load_shots",
    "load_shown",
    "load_tasks",
    "load_variants",
    "load_xray",
    "on_timeline",
    "parsed",
    "unpositioned",
    "videos",
    "words",
]
