# SPDX-License-Identifier: GPL-2.0
# Sphinx configuration; see Makefile.

project = "vfio-s390"
exclude_patterns = []
highlight_language = "none"
html_theme = "alabaster"
html_show_copyright = False
html_theme_options = {"description": "channel devices of an IBM Z host for its guests", "fixed_sidebar": True}
