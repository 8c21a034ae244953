"""The demo: rows and pictures that are the same on every machine, the faults to plant, the main job told."""
