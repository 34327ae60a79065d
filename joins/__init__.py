"""What joins the rooms: each module takes settings and calls geo, risk, data and ui in turn."""
