use confee_domain::{Codec, Coding};

use super::conceal::Concealer;
use super::opus::{Opus, form_error};
use super::pcm16::Pcm16;
use super::{DecodeError, Origin, Pcm};

/// Decodes the packets of one stream, in order, to 16 kHz. Every call gives exactly
/// [`Codec::samples`] samples per channel or an error; no bytes make it panic.
pub struct Decoder {
    codec: Codec,
    inner: Inner,
    concealer: Concealer,
}

enum Inner {
    Opus(Box<Opus>),
    Pcm16(Pcm16),
}

impl Decoder {
    /// A decoder for one stream.
    ///
    /// # Errors
    /// [`DecodeError::Form`] for a codec that is not 1 or 2 channels in 10 or 20 ms.
    pub fn new(codec: Codec) -> Result<Self, DecodeError> {
        if !matches!((codec.channels, codec.frame_ms), (1 | 2, 10 | 20)) {
            return Err(form_error(codec));
        }
        let inner = match codec.coding {
            Coding::Opus => Inner::Opus(Box::new(Opus::new(codec)?)),
            Coding::Pcm16 => Inner::Pcm16(Pcm16::new(codec)),
        };
        Ok(Self { codec, inner, concealer: Concealer::new(codec) })
    }

    /// The form of the stream.
    #[must_use]
    pub const fn codec(&self) -> Codec {
        self.codec
    }

    /// Decodes one packet. An Opus packet of one channel in a stream of two gives the same samples
    /// twice: encoders change to it by themselves at low rates.
    ///
    /// # Errors
    /// The packet is empty, malformed, of another duration or of too many channels. `out` then
    /// holds what it held before; conceal or recover the frame.
    pub fn decode(&mut self, packet: &[u8], out: &mut Pcm) -> Result<(), DecodeError> {
        let samples = match &mut self.inner {
            Inner::Opus(opus) => opus.decode(packet)?,
            Inner::Pcm16(pcm) => pcm.decode(packet)?,
        };
        out.fill(self.codec, samples);
        self.concealer.heard(out);
        Ok(())
    }

    /// Makes the frame before `next` from the spare copy in `next` (Opus in-band FEC, RFC 6716
    /// 2.1.7), or conceals it where `next` has none, and says which. `next` is still to be decoded
    /// after.
    ///
    /// # Errors
    /// `next` has a copy that cannot be decoded.
    pub fn recover(&mut self, next: &[u8], out: &mut Pcm) -> Result<Origin, DecodeError> {
        if let Inner::Opus(opus) = &mut self.inner
            && opus.has_spare(next)
        {
            out.fill(self.codec, opus.recover(next)?);
            self.concealer.heard(out);
            return Ok(Origin::Recovered);
        }
        self.conceal(out);
        Ok(Origin::Concealed)
    }

    /// Whether `next` holds a spare copy of the frame before it.
    #[must_use]
    pub fn has_spare(&self, next: &[u8]) -> bool {
        matches!(&self.inner, Inner::Opus(opus) if opus.has_spare(next))
    }

    /// Guesses one missing frame from those before. The guess fades and is silent from 60 ms on.
    pub fn conceal(&mut self, out: &mut Pcm) {
        let own = match &mut self.inner {
            Inner::Opus(opus) => opus.conceal(),
            Inner::Pcm16(_) => None,
        };
        match own {
            Some(samples) => {
                out.fill(self.codec, samples);
                self.concealer.guessed(out);
            }
            None => {
                out.silence(self.codec);
                self.concealer.guess(out);
            }
        }
    }
}
