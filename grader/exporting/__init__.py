"""Write a class's grades as other systems read them: one module a format, all pure."""
