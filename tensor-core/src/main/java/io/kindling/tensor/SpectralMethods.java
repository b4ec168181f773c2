package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;

/** Short-time Fourier transforms. A complex number is two real ones in the last dimension. */
interface SpectralMethods {
  /**
   * The spectra of overlapping parts of a signal: {@code (L)} to {@code (frequencies, parts, 2)},
   * {@code (B, L)} to {@code (B, frequencies, parts, 2)}; PyTorch's {@code torch.stft} with {@code
   * return_complex=False}.
   *
   * @param nFft how many values a part has
   * @param hopLength how many values lie between the starts of two parts; null for {@code nFft / 4}
   * @param winLength how many values the window has; null for {@code nFft}
   * @param window {@code (winLength)}, or null for ones
   * @param center whether a part's middle, and not its start, lies at a multiple of the hop: the
   *     signal is padded by {@code nFft / 2} values
   * @param padMode {@code reflect}, {@code constant}, {@code replicate} or {@code circular}
   * @param normalized whether spectra are divided by the root of nFft
   * @param onesided whether frequencies beyond the half are left out, which mirror the others
   */
  default Tensor stft(
      int nFft,
      Integer hopLength,
      Integer winLength,
      Tensor window,
      boolean center,
      String padMode,
      boolean normalized,
      boolean onesided) {
    return Composite.cast(
        "stft",
        CastPolicy.FLOAT32,
        in ->
            transformed(
                in[0], nFft, hopLength, winLength, in[1], center, padMode, normalized, onesided),
        self(),
        window);
  }

  private static Tensor transformed(
      Tensor x,
      int nFft,
      Integer hopLength,
      Integer winLength,
      Tensor window,
      boolean center,
      String padMode,
      boolean normalized,
      boolean onesided) {
    int hop = hopLength == null ? nFft / 4 : hopLength;
    Spectrum spectrum = new Spectrum("stft", nFft, hop, normalized, onesided);
    if (x.dim() != 1 && x.dim() != 2) {
      throw new ShapeException("stft: expected a signal (L) or (B, L), got " + x.shape());
    }
    spectrum.check(x);
    Tensor lines = x.dim() == 1 ? x.unsqueeze(0) : x;
    Tensor padded = center ? spectrum.padded(lines, padMode) : lines;
    if (padded.numel() == 0 || padded.size(1) < nFft) {
      throw new ShapeException(
          "stft: a signal of shape " + x.shape() + " has no part of " + nFft + " values");
    }
    Tensor found = spectrum.of(padded, spectrum.window(window, winLength, x.dtype()));
    return x.dim() == 1 ? found.squeeze(0) : found;
  }

  /** As above: centred, reflected, not normalised, of one side. */
  default Tensor stft(int nFft, Integer hopLength, Integer winLength, Tensor window) {
    return stft(nFft, hopLength, winLength, window, true, "reflect", false, true);
  }

  /** As above, without a window and with hops of {@code nFft / 4}. */
  default Tensor stft(int nFft) {
    return stft(nFft, null, null, null);
  }

  /**
   * The signal whose {@link #stft(int, Integer, Integer, Tensor, boolean, String, boolean,
   * boolean)} this is, by least squares: {@code (frequencies, parts, 2)} to {@code (L)}, {@code (B,
   * frequencies, parts, 2)} to {@code (B, L)}. Arguments are those of the transform.
   *
   * @param length of the signal, or null for that of the parts
   * @throws ShapeException also if somewhere the windows add up to nothing
   */
  default Tensor istft(
      int nFft,
      Integer hopLength,
      Integer winLength,
      Tensor window,
      boolean center,
      boolean normalized,
      boolean onesided,
      Integer length) {
    return Composite.cast(
        "istft",
        CastPolicy.FLOAT32,
        in ->
            restored(
                in[0], nFft, hopLength, winLength, in[1], center, normalized, onesided, length),
        self(),
        window);
  }

  private static Tensor restored(
      Tensor x,
      int nFft,
      Integer hopLength,
      Integer winLength,
      Tensor window,
      boolean center,
      boolean normalized,
      boolean onesided,
      Integer length) {
    int hop = hopLength == null ? nFft / 4 : hopLength;
    Spectrum spectrum = new Spectrum("istft", nFft, hop, normalized, onesided);
    spectrum.check(x);
    boolean fits = (x.dim() == 3 || x.dim() == 4) && x.size(-1) == 2 && x.numel() > 0;
    if (!fits || x.size(-3) != spectrum.frequencies()) {
      throw new ShapeException(
          "istft: expected a spectrum (B, "
              + spectrum.frequencies()
              + ", parts, 2), got "
              + x.shape());
    }
    Tensor batch = x.dim() == 3 ? x.unsqueeze(0) : x;
    Tensor taper = spectrum.window(window, winLength, x.dtype());
    Tensor signal = spectrum.overlapped(spectrum.parts(batch).mul(taper));
    Tensor squares = taper.square().expand(1, batch.size(2), nFft);
    Tensor weight = spectrum.overlapped(squares);
    Tensor found = trimmed(signal, weight, center ? nFft / 2 : 0, length);
    return x.dim() == 3 ? found.squeeze(0) : found;
  }

  /** As above: centred, not normalised, of one side and of the parts' length. */
  default Tensor istft(int nFft, Integer hopLength, Integer winLength, Tensor window) {
    return istft(nFft, hopLength, winLength, window, true, false, true, null);
  }

  /** The signal from {@code start} on, divided by the sum of the windows there. */
  private static Tensor trimmed(Tensor signal, Tensor weight, long start, Integer length) {
    long wanted = length == null ? signal.size(1) - 2 * start : length;
    long there = Math.min(wanted, signal.size(1) - start);
    if (there <= 0) {
      throw new ShapeException("istft: the parts are too few for a signal");
    }
    Tensor divisor = weight.narrow(1, start, there);
    if (divisor.abs().min().item() <= 1e-11) {
      throw new ShapeException(
          "istft: the windows add up to nothing somewhere; use a smaller hopLength or another"
              + " window");
    }
    Tensor found = signal.narrow(1, start, there).div(divisor);
    Tensor rest = Tensor.zeros(new long[] {signal.size(0), wanted - there}, found.dtype());
    return wanted > there ? Tensor.cat(java.util.List.of(found, rest), 1) : found;
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
