"""Which fields tell something of a living person. test_personal_fields fails on a field that stands in neither table.

Personal fields are those that the right of access (GDPR Art. 15) and erasure (Art. 17) reach. Parties are text ids such
as "talent:<uuid>": they point to a person and say nothing of her, and become nobody's when her row is gone.
"""

PERSONAL = {
    "accounts.User": "password email name language time_zone",
    "audit.Payload": "salt body",  # erased as a whole; the chain still verifies
    "bookings.Approval": "conditions private_reason",
    "bookings.Booking": "closed_reason",
    "bookings.Download": "address",
    "bookings.Look": "brief",
    "bookings.Review": "reason",
    "bookings.Terms": "memo_text",
    "consents.Consent": "scope rate_of_pay intended_uses counsel counsel_on",
    "generation.Candidate": "findings",  # how much like her the faces are
    "generation.Job": "spec",  # carries the brand's brief
    "identity.IdentityCheck": "birth_date reason",
    "media.Rendition": "storage_name",
    "media.StoredFile": "storage_name wash",
    "media.TwinKey": "wrapped",
    "notifications.Mail": "address",
    "notifications.Notice": "title body",
    # a sole trader's company carries her name
    "organizations.Organization": "name legal_name about contact_email contact_phone",
    "organizations.OrganizationCheck": "reason",
    "organizations.TeamInvitation": "email",
    "payments.PayoutAccount": "country reason",
    "payments.Refund": "reason",
    "payments.StripeEvent": "body",
    "roster.RosterUpload": "report",  # of a rejected row: what is wrong, never the cell
    "roster.RosterEntry": "email first_name last_name birth_date country language",
    "signatures.Signature": "text address session_sha256",
    "talent.Boundaries": "barred_categories barred_media barred_territories licence_types",
    "talent.OutsideCommitment": "brand note",
    "talent.Talent": "stage_name slug birth_date country languages hair eyes about union",
    "twins.CaptureSet": "taken_on",
    "twins.FaceVector": "ciphertext",  # biometric: sealed with the twin's key, gone with it
    "twins.Photograph": "name quality",
    "twins.CaptureUpload": "reason",
}

# Codes, amounts' currencies, hashes, references and the terms of a trade.
OTHER = {
    "audit.Event": "record hash",
    "bookings.Approval": "party",
    "bookings.Booking": "code title media territories starts_on held_from",
    "bookings.Deliverable": "label format sha256",
    "bookings.Download": "party",
    "bookings.Licence": "code media territories category exclusivity starts_on ends_on",
    "bookings.Look": "title scene colour",
    "bookings.RightsSlot": "category territory",
    "bookings.Terms": "author media territories starts_on quote split currency memo_language memo_sha256",
    "bookings.Transition": "action by by_kind",
    "generation.Attempt": "engine webhook_token remote_id error_code error_message cost_currency report",
    "generation.Job": "look_ref error_code error_message",
    "generation.Voucher": "subject scope token revoked_reason",
    "generation.WebhookReceipt": "event_id type",
    "identity.IdentityCheck": "decided_on session_id",
    "ledger.Account": "code currency party",
    "ledger.Entry": "currency memo",
    "ledger.Journal": "key kind ref fingerprint actor stripe_id",
    "media.Rendition": "name",
    "media.StoredFile": "kind owner sha256 content_type twin_ref",
    "media.TwinKey": "twin_ref",
    "notifications.Notice": "to kind url",
    "organizations.Membership": "role",
    "organizations.TeamInvitation": "role secret_sha256",
    "organizations.Organization": "slug country registration_number vat_number currency competitor_group",
    "payments.Charge": "ref payer description currency vat_country success_url cancel_url problem session_id "
    "checkout_url payment_intent stripe_charge balance_transaction",
    "payments.Op": "key payload stripe_id error",
    "payments.PayoutAccount": "party account_id",
    "payments.Refund": "asked_by",
    "payments.StripeEvent": "account event_id type charge_hint object_id error",
    "pricing.DayRate": "talent_ref currency changed_by",
    "pricing.RateCard": "owner factors created_by",
    "provenance.Fingerprint": "sha256 subject",
    "roster.BulkAct": "before",
    "roster.Invitation": "secret_sha256",
    "roster.RosterColumns": "columns",
    "roster.RosterUpload": "name problem",
    "royalties.Royalty": "charge_ref party currency earned_on",
    "royalties.Split": "charge_ref currency agreed_by",
    "royalties.Statement": "party currency period sha256 closed_by",
    "signatures.Certificate": "sha256",
    "signatures.Signature": "kind subject version language text_sha256 party method",
    "talent.Mandate": "territories starts_on ends_on ended_on",
    "talent.MandateProposal": "territories starts_on ends_on",
    "talent.OutsideCommitment": "entered_by territories",
    "twins.CaptureUpload": "incoming",
    "twins.Twin": "best_before",
    "twins.TwinVersion": "engine",
}
