"""Who shares what with whom: needs, offers, and the fairest feasible allocation with its proof."""
