"""The course: one module a lesson, with its exercises, its quiz and the sentences that hold computed numbers."""
