using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CrmBehavior.Benchmarks.Measure;

/// <summary>
/// Processor time of the thread that asks, so that figures mean the same on a machine that others use too. Where the system does not tell
/// it, the clock on the wall.
/// </summary>
internal static class ProcessorClock
{
    const int ThreadTime = 3;

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int GetTime(int clock, out TimeSpec time);

    /// <summary>Seconds since some beginning.</summary>
    public static double Seconds
    {
        get
        {
            if (!OperatingSystem.IsLinux() || GetTime(ThreadTime, out TimeSpec time) != 0) return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            return time.Seconds + time.Nanoseconds * 1e-9;
        }
    }
}
