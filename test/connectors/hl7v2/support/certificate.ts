/** Self-signed for `rappel.test` and 127.0.0.1, valid for a hundred years, and known to everybody: for tests only. */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBnzCCAUagAwIBAgITAz8wfiFpqw4UunYTKjB5uC5atzAKBggqhkjOPQQDAjAW
MRQwEgYDVQQDDAtyYXBwZWwudGVzdDAgFw0yNjExMjEyMjQ4MzlaGA8yMTI2MTAy
ODIyNDgzOVowFjEUMBIGA1UEAwwLcmFwcGVsLnRlc3QwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAATh+pmVqZG/Fi87vuPOlYjDE5zGt/bBoxrY3VvUVEyZvQmW1+cW
+60hJm380FG766nXS/wlSZ2PorevriAjOFlNo3EwbzAdBgNVHQ4EFgQUSdf/f7bb
vOYdDeLNx83oUQ8v0VowHwYDVR0jBBgwFoAUSdf/f7bbvOYdDeLNx83oUQ8v0Vow
DwYDVR0TAQH/BAUwAwEB/zAcBgNVHREEFTATggtyYXBwZWwudGVzdIcEfwAAATAK
BggqhkjOPQQDAgNHADBEAiAAtW0xz4VKMjKK0VOKEeoUMaMNIoeDi8IMTIs0kCqs
CAIgImNEbPVE8ZKz3t5PtfFJpXD79yJWi83v8wED3zO7eY8=
-----END CERTIFICATE-----
`

export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgT1XihGB6lyfDjibr
QheQNWcxWGEGndopi4Bi2ocFp5WhRANCAATh+pmVqZG/Fi87vuPOlYjDE5zGt/bB
oxrY3VvUVEyZvQmW1+cW+60hJm380FG766nXS/wlSZ2PorevriAjOFlN
-----END PRIVATE KEY-----
`
