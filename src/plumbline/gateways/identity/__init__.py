"""How people outside prove who they are: passkeys (WebAuthn), one-time codes (TOTP), providers (OpenID Connect).

Pure of rows: what is kept, and for whom, is `domain.credentials`'.
"""
