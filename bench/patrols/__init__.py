"""What patrols sent by a plan or by a learner meet, beside rivals."""
