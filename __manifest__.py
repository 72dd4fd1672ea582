{
    "name": "Social Care",
    "summary": "Clients, implementation plans, contact persons, on-call logs and relative support",
    "version": "19.0.1.0.0",
    "category": "Services/Social Care",
    "author": "Social Care founders",
    "license": "LGPL-3",
    "depends": ["mail", "hr", "portal", "phone_validation", "resource"],
    "data": [],
    "application": True,
}
