"""How the tables of the portal and of igate are made."""
