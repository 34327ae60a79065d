"""What is kept, in versions, all or nothing: records, links, assessments, plans, the audit log."""
