"""Signing a finished PDF: one revision, certified, and time-stamped."""

import io

from asn1crypto import tsp
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from apps.integrations.c2pa.stamping import stamp
from apps.integrations.pdf.apart import apart
from apps.integrations.pdf.chain import current
from apps.integrations.private_chain import Chain

# Room for the signature, three certificates and the time stamp; asking the authority for a trial stamp only to learn
# the size would double the time.
RESERVED_BYTES = 20_000


class OwnStamper(TimeStamper):
    """The private chain's own time stamps. They prove the time to ourselves only."""

    def __init__(self, chain: Chain) -> None:
        super().__init__()
        self._chain = chain

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(stamp(self._chain, req.dump()))


def sign(pdf: bytes, *, reason: str) -> bytes:
    """The same document with our signature as its last revision, certified so that nothing may be added.

    Takes 50–100 ms, most of it the time stamp. Raises OSError and pyHanko's errors when no stamp can be had.
    """
    chain = current()
    leaf, *others = load_certs_from_pemder([str(chain.certificates)])
    store = SimpleCertificateStore()
    store.register_multiple(others)
    key = load_private_key_from_pemder(str(chain.key), passphrase=None)
    signer = signers.SimpleSigner(signing_cert=leaf, signing_key=key, cert_registry=store)
    metadata = PdfSignatureMetadata(
        field_name="Double",
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    stamper = HTTPTimeStamper(chain.timestamp_url) if chain.timestamp_url else OwnStamper(chain)
    whole = signers.PdfSigner(metadata, signer, timestamper=stamper)
    made = apart(whole.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=RESERVED_BYTES)
    return bytes(made.getvalue())
