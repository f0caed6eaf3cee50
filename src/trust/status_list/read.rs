//! Reading and verifying a status list.

use ed25519_dalek::Signature;
use miniz_oxide::inflate::decompress_slice_iter_to_slice;

use super::StatusList;
use crate::trust::{
    IssuerKey, TrustError,
    cbor::{Key, Reader, push_bytes, push_head, push_text},
    issuers::Announced,
};

/// `typ` of a status list in CWT form.
pub(super) const TYP: &str = "application/statuslist+cwt";

/// A list of right form. Nothing in it has been verified.
struct Parsed<'a> {
    kid: [u8; 4],
    protected: &'a [u8],
    claims: &'a [u8],
    signature: [u8; 64],
}

/// The claims that count.
#[derive(Default)]
struct Claims<'a> {
    sub: Option<&'a str>,
    iat: Option<u64>,
    exp: Option<u64>,
    ttl: Option<u64>,
    bits: Option<u64>,
    lst: Option<&'a [u8]>,
}

impl StatusList {
    /// Reads a list, checks who signed it (over the bytes received) and that it is what `issuers.json` announced.
    ///
    /// # Errors
    /// [`TrustError::List`]: wrong form, no key that may sign this list did, another URI, other bits, another size.
    pub fn verify(
        token: &[u8],
        announced: &Announced,
        keys: &[IssuerKey],
    ) -> Result<Self, TrustError> {
        let list = signed(token, announced, keys)
            .and_then(|parsed| check(&claims(parsed.claims)?, announced));
        list.map_err(refused(announced))
    }

    /// Checks of a list that was read before who signed it: keys may be distrusted since.
    ///
    /// # Errors
    /// As [`StatusList::verify`].
    pub fn verify_signature(
        token: &[u8],
        announced: &Announced,
        keys: &[IssuerKey],
    ) -> Result<(), TrustError> {
        let parsed = signed(token, announced, keys);
        parsed.map(|_| ()).map_err(refused(announced))
    }
}

fn refused(announced: &Announced) -> impl Fn(String) -> TrustError {
    |problem| TrustError::List {
        uri: announced.uri.clone(),
        problem,
    }
}

/// The `iat` of a list that was verified when it was taken.
pub(in crate::trust) fn stated_iat(token: &[u8]) -> Option<u64> {
    claims(parse(token).ok()?.claims).ok()?.iat
}

/// A list whose signature holds; its claims are still to be checked.
fn signed<'a>(
    token: &'a [u8],
    announced: &Announced,
    keys: &[IssuerKey],
) -> Result<Parsed<'a>, String> {
    if token.len() > announced.max_token() {
        return Err(format!("longer than {} bytes", announced.max_token()));
    }
    let parsed = parse(token)?;
    let message = sig_structure(parsed.protected, parsed.claims);
    let signature = Signature::from_bytes(&parsed.signature);
    let known: Vec<_> = keys.iter().filter(|key| key.kid == parsed.kid).collect();
    if known.is_empty() {
        return Err(format!(
            "signed by an unknown key {}",
            hex::encode(parsed.kid)
        ));
    }
    let mut may_sign = known
        .iter()
        .filter(|key| key.signs_status && key.distrusted_at.is_none())
        .filter(|key| key.status_uris.contains(&announced.uri))
        .peekable();
    if may_sign.peek().is_none() {
        let kid = hex::encode(parsed.kid);
        return Err(format!("signed by the key {kid}, which may not sign it"));
    }
    if !may_sign.any(|key| key.public_key.verify_strict(&message, &signature).is_ok()) {
        return Err("the signature does not hold".into());
    }
    Ok(parsed)
}

fn parse(token: &[u8]) -> Result<Parsed<'_>, String> {
    let mut reader = Reader::new(token);
    let fail = |part: &'static str| move |problem: String| format!("{part} {problem}");
    reader.tag(18).map_err(fail("the COSE_Sign1"))?;
    reader.array(4).map_err(fail("the COSE_Sign1"))?;
    let protected = reader.bytes().map_err(fail("the protected header"))?;
    reader
        .map(|_, _| Err("may not be there".into()))
        .map_err(fail("the unprotected header"))?;
    let claims = reader.bytes().map_err(fail("the payload"))?;
    let signature = reader.bytes().map_err(fail("the signature"))?;
    reader.end().map_err(fail("the COSE_Sign1"))?;
    Ok(Parsed {
        kid: header(protected).map_err(fail("the protected header"))?,
        protected,
        claims,
        signature: signature
            .try_into()
            .map_err(|_| "the signature is not 64 bytes long")?,
    })
}

fn header(protected: &[u8]) -> Result<[u8; 4], String> {
    let mut reader = Reader::new(protected);
    let (mut alg, mut kid, mut typ) = (None, None, None);
    reader.map(|key, reader| {
        match key {
            Key::Integer(1) => alg = Some(reader.integer()?),
            Key::Integer(4) => kid = Some(reader.bytes()?),
            Key::Integer(16) => typ = Some(reader.text()?),
            _ => return Err("may not be there".into()),
        }
        Ok(())
    })?;
    reader.end()?;
    match (alg, typ, kid.map(TryInto::try_into)) {
        (Some(-19), Some(TYP), Some(Ok(kid))) => Ok(kid),
        _ => Err(format!("is not {{1: -19, 4: kid, 16: {TYP:?}}}")),
    }
}

fn claims(payload: &[u8]) -> Result<Claims<'_>, String> {
    let mut found = Claims::default();
    let mut reader = Reader::new(payload);
    let result = reader.map(|key, reader| {
        match key {
            Key::Integer(2) => found.sub = Some(reader.text()?),
            Key::Integer(4) => found.exp = Some(reader.uint()?),
            Key::Integer(6) => found.iat = Some(reader.uint()?),
            Key::Integer(65533) => reader.map(|key, reader| {
                match key {
                    Key::Text("bits") => found.bits = Some(reader.uint()?),
                    Key::Text("lst") => found.lst = Some(reader.bytes()?),
                    _ => reader.skip()?,
                }
                Ok(())
            })?,
            Key::Integer(65534) => found.ttl = Some(reader.uint()?),
            _ => reader.skip()?,
        }
        Ok(())
    });
    result
        .and_then(|()| reader.end())
        .map_err(|problem| format!("the claims: {problem}"))?;
    Ok(found)
}

fn check(claims: &Claims<'_>, announced: &Announced) -> Result<StatusList, String> {
    let (Some(sub), Some(iat), Some(bits), Some(lst)) =
        (claims.sub, claims.iat, claims.bits, claims.lst)
    else {
        return Err("the claims lack 2, 6, 65533, or its bits or lst".into());
    };
    if sub != announced.uri {
        return Err(format!("its sub is {sub:?}"));
    }
    if bits != u64::from(announced.bits) {
        return Err(format!(
            "has {bits} bits, {} were announced",
            announced.bits
        ));
    }
    for time in [Some(iat), claims.exp, claims.ttl].into_iter().flatten() {
        if time >= 1 << 53 {
            return Err(format!("{time} is no time"));
        }
    }
    let size = announced.size();
    // Into exactly the announced room: a buffer that grows would keep more, for each of many lists.
    let mut bytes = vec![0; size];
    let written = decompress_slice_iter_to_slice(&mut bytes, std::iter::once(lst), true, false)
        .map_err(|status| format!("does not inflate to {size} bytes: {status:?}"))?;
    if written != size {
        return Err(format!("has {written} bytes, {size} were announced"));
    }
    Ok(StatusList {
        uri: announced.uri.clone(),
        bits: announced.bits,
        iat,
        exp: claims.exp,
        ttl: claims.ttl,
        bytes,
    })
}

/// RFC 9052, 4.4: what a COSE_Sign1 signs.
pub(super) fn sig_structure(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(protected.len() + payload.len() + 32);
    push_head(&mut out, 4, 4);
    push_text(&mut out, "Signature1");
    push_bytes(&mut out, protected);
    push_bytes(&mut out, &[]);
    push_bytes(&mut out, payload);
    out
}

#[cfg(test)]
mod tests;
