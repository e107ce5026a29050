-- Two people of the application, for both forms of its tables.

INSERT INTO "User" ("id", "name", "email", "updatedAt") VALUES
  ('user-ada', 'Ada Lovelace', 'ada@example.com', '2025-12-01'),
  ('user-grace', 'Grace Hopper', 'grace@example.com', '2025-12-01');
