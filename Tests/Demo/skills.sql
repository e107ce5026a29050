-- What was in the application's tables before the sync came: two people, four published skills and a draft.

INSERT INTO "User" (id, name, email, role, "updatedAt") VALUES
  ('cm4k2priya00008l4', 'Priya Raman', 'priya.raman@example.com', 'ADMIN', '2025-11-03 09:12:44.120'),
  ('cm4k2jonas00018l4', 'Jonas Weber', 'jonas.weber@example.com', 'USER', '2025-11-03 09:14:02.733');

INSERT INTO "Skill" (id, title, categories, "ownerId", "sourceUrls", status, "createdAt", "updatedAt", content) VALUES
  ('6f1c2b0e-58f4-4a39-9a83-0c1f5d9e7a11', 'Incident Response', '{Security,Operations}', 'cm4k2priya00008l4',
    '[{"url": "https://www.example.com/security/incidents", "addedAt": "2025-11-03T09:20:00.000Z"}]',
    'PUBLISHED', '2025-11-03 09:20:31.004', '2025-11-28 15:02:10.551',
$$## Who is called

The engineer on call is paged within five minutes and leads until a manager takes over.

## What customers hear

Affected customers get a first notice within 72 hours of a confirmed breach.

## Afterwards

A blameless review is written within ten working days and shared with everyone.$$),
  ('b27d90a4-1f6e-4c58-8a3b-2f60c1d4e822', 'Data Retention & Deletion', '{Privacy}', 'cm4k2jonas00018l4', NULL,
    'PUBLISHED', '2025-11-04 08:00:12.900', '2025-11-21 10:41:55.302',
$$## How long

Customer data is kept while the contract runs and for 30 days after it has ended.

## Backups

Encrypted backups are kept for 35 days, then overwritten.$$),
  ('0d8e4c71-93b5-4d0a-b7e2-6a5f3c9b1d33', 'Single Sign-On', '{Access,Product}', 'cm4k2priya00008l4', NULL,
    'PUBLISHED', '2025-11-05 13:37:00.045', '2025-11-05 13:37:00.045',
$$## Protocols

SAML 2.0 and OpenID Connect work with Okta, Entra ID and Google Workspace.

## Accounts

People are created at their first sign-in and disabled by SCIM when they leave.$$),
  ('e94a7f20-6c3d-4b1f-95d8-7b2e0a8c4f44', 'Penetration Testing', '{Security}', NULL, NULL,
    'PUBLISHED', '2025-11-10 16:20:48.611', '2025-12-01 11:09:27.018',
$$An independent company tests the product every year. The summary letter is shared under an NDA.$$),
  ('57b3d6e8-2a94-4f70-8c16-9d4e1f0a2b55', 'Vendor Onboarding', '{Legal}', 'cm4k2jonas00018l4', NULL,
    'DRAFT', '2025-12-17 14:55:19.240', '2025-12-17 14:55:19.240',
$$Not finished. To be reviewed by legal first.$$);
