package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_invalid_arguments;
import static org.bytedeco.dnnl.global.dnnl.dnnl_out_of_memory;
import static org.bytedeco.dnnl.global.dnnl.dnnl_runtime_error;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_unimplemented;

/** What oneDNN's C functions return. */
final class Status {
  private Status() {}

  /** Throws unless a call succeeded. */
  static void check(int status, String call) {
    if (status == dnnl_success) {
      return;
    }
    String reason;
    if (status == dnnl_out_of_memory) {
      reason = "out of memory";
    } else if (status == dnnl_invalid_arguments) {
      reason = "invalid arguments";
    } else if (status == dnnl_unimplemented) {
      reason = "unimplemented";
    } else if (status == dnnl_runtime_error) {
      reason = "runtime error";
    } else {
      reason = "status " + status;
    }
    throw new OneDnnException(
        "oneDNN: "
            + call
            + " failed: "
            + reason
            + "; run with -D"
            + OneDnnBackend.BACKEND_PROPERTY
            + "=java to go without oneDNN, and report the operation and its shapes");
  }
}
