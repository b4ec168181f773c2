package io.kindling.bench.libtorch;

import io.kindling.bench.model.ChainCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.StepCase;
import io.kindling.bench.model.Work;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Makes a case ready. */
public final class LibTorch {
  private LibTorch() {}

  public static Work of(StepCase one, Format format, int threads) {
    torch.set_num_threads(threads);
    if (one instanceof NetworkCase network) {
      return network.training()
          ? new LibTorchTraining(network, format)
          : new LibTorchInference(network, format);
    }
    return one instanceof OpCase op
        ? new LibTorchOperation(op, format)
        : new LibTorchChain((ChainCase) one);
  }

  static Tensor tensor(float[] values, long[] shape, Format format) {
    Tensor made = Tensor.create(values, shape);
    return format == Format.CHANNELS_LAST && shape.length == 4
        ? made.contiguous(torch.MemoryFormat.ChannelsLast)
        : made;
  }
}
