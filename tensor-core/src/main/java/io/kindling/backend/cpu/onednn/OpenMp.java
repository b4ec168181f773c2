package io.kindling.backend.cpu.onednn;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.File;

/**
 * The thread pool below oneDNN, GCC's libgomp as the jar brings it. How many threads it uses is a
 * setting of the calling thread.
 */
final class OpenMp {
  private static Function setThreads;
  private static Function maxThreads;

  private OpenMp() {}

  /**
   * Makes idle threads sleep. By default they spin, which takes the cores from other tasks: a step
   * of two threads took 36 ms spinning and 4 ms without. Read once, when libgomp loads, so this
   * must come first. A value that the user has set stays.
   */
  static void sleepWhenIdle() {
    if (Platform.isLinux() || Platform.isMac()) {
      Function setenv = NativeLibrary.getProcess().getFunction("setenv");
      setenv.invokeInt(new Object[] {"OMP_WAIT_POLICY", "PASSIVE", 0});
    }
  }

  /** Finds the library beside those that JavaCPP has unpacked. */
  static void find(File folder) {
    File library = new File(folder, "libgomp.so.1");
    if (library.exists()) {
      NativeLibrary gomp = NativeLibrary.getInstance(library.getPath());
      setThreads = gomp.getFunction("omp_set_num_threads");
      maxThreads = gomp.getFunction("omp_get_max_threads");
    }
  }

  static boolean isFound() {
    return setThreads != null;
  }

  /** Sets how many threads the calling thread's operations use. */
  static void setThreads(int threads) {
    if (setThreads != null) {
      setThreads.invokeVoid(new Object[] {threads});
    }
  }

  /** How many threads the calling thread's operations use; 0 if unknown. */
  static int maxThreads() {
    return maxThreads == null ? 0 : maxThreads.invokeInt(new Object[0]);
  }
}
