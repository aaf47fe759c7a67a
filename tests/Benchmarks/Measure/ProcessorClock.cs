using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrmBehavior.Benchmarks.Measure;

/// <summary>
/// Processor time of the thread that asks, so that figures mean the same on a machine that others use too. Where the system does not tell
/// it, the clock on the wall.
/// </summary>
internal static class ProcessorClock
{
    const int ThreadTime = 3, Children = -1;

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int GetTime(int clock, out TimeSpec time);

    /// <summary>What getrusage fills in: seconds and microseconds of user time, the same of system time, and fourteen more.</summary>
    [InlineArray(18)]
    struct Usage
    {
        long first;
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int GetUsage(int who, ref Usage usage);

    /// <summary>Processor time of all child processes that have ended, in seconds; where the system does not tell it, the clock on the wall.</summary>
    public static double OfChildren
    {
        get
        {
            var usage = new Usage();
            if (!OperatingSystem.IsLinux() || GetUsage(Children, ref usage) != 0) return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            return usage[0] + usage[2] + (usage[1] + usage[3]) * 1e-6;
        }
    }

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
