"""`make demo-warning`: a made forecast day, from grids to the list of people who were missed."""
