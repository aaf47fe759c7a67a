using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace CrmBehavior.CrashingService;

/// <summary>Where this process is to die.</summary>
internal sealed class CrashPoint(string call, bool isAfter, int number)
{
    int calls;

    /// <param name="text"><c>call:before|after:number</c>, null or empty for nowhere.</param>
    public static CrashPoint? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        string[] parts = text.Split(':');
        if (parts is not [var call, "before" or "after", var number]) throw new FormatException($"CRMB_CRASH is '{text}'; it wants call:before|after:number.");
        return new CrashPoint(call, parts[1] == "after", int.Parse(number, CultureInfo.InvariantCulture));
    }

    /// <summary>Counts a call, and dies if it is the one.</summary>
    /// <returns>Its number, 0 if it is another call.</returns>
    public int Before(string name)
    {
        if (name != call) return 0;
        int mine = Interlocked.Increment(ref calls);
        if (!isAfter && mine == number) Die();
        return mine;
    }

    /// <summary>The call is done; dies if it is the one.</summary>
    public void After(string name, int mine)
    {
        if (isAfter && name == call && mine == number) Die();
    }

    static void Die()
    {
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
