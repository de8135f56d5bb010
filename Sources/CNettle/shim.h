// SHA-256 of Nettle.
#if __has_include(<nettle/sha2.h>)
#include <nettle/sha2.h>
#include <nettle/version.h>

// The digest of everything the context has seen. Nettle 4 no longer takes the digest's length.
static inline void gf_sha256_finish(struct sha256_ctx *context, uint8_t *digest) {
#if NETTLE_VERSION_MAJOR >= 4
  sha256_digest(context, digest);
#else
  sha256_digest(context, SHA256_DIGEST_SIZE, digest);
#endif
}
#else
#error "Nettle is missing: run script/bootstrap, or apt-get install nettle-dev"
#endif
