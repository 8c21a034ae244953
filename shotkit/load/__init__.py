"""Reads shots in two phases and merges them; reads the lists and the gallery. All of it as Arrow tables."""

from shotkit.load.cells import parsed
from shotkit.load.find import find
from shotkit.load.gallery import GalleryFilter, load_gallery
from shotkit.load.ids import required_id
from shotkit.load.lists import load_ledger, load_projects, load_shots, load_tasks, load_variants
from shotkit.load.merge import Merged, merge, unseen
from shotkit.load.phases import load_images, load_links, load_shown
from shotkit.load.select import on_timeline, unpositioned, videos

__all__ = [
    "GalleryFilter",
    "Merged",
    "find",
    "load_gallery",
    "load_images",
    "load_ledger",
    "load_links",
    "load_projects",
    "load_shots",
    "load_shown",
    "load_tasks",
    "load_variants",
    "merge",
    "on_timeline",
    "parsed",
    "required_id",
    "unpositioned",
    "unseen",
    "videos",
]
