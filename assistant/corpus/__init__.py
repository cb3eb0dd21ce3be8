"""What can be cited: one city's ordinance, handbook and precedents, loaded, checked, addressed by source id."""
