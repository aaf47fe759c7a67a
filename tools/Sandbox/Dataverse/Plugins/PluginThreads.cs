using System;
using System.Collections.Concurrent;
using System.Threading;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>
/// Threads that plugins run on, so that one which does not end can be left behind while its operation is given up; a thread is used
/// again as long as its plugins end in time.
/// </summary>
internal sealed class PluginThreads
{
    readonly ConcurrentBag<Worker> idle = [];

    /// <summary>Runs the work; false when it did not end in time. Its exception is thrown here as it is.</summary>
    public bool Run(Action work, TimeSpan limit)
    {
        if (!idle.TryTake(out Worker? worker)) worker = new Worker();
        if (!worker.Run(work, limit, out Exception? failure)) return false;
        idle.Add(worker);
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return true;
    }

    sealed class Worker
    {
        readonly object gate = new();
        Action? work;
        Exception? failure;
        bool leftBehind;

        public Worker() => new Thread(Loop) { IsBackground = true, Name = "plug-in" }.Start();

        public bool Run(Action next, TimeSpan limit, out Exception? thrown)
        {
            long started = TimeProvider.System.GetTimestamp();
            lock (gate)
            {
                work = next;
                failure = null;
                Monitor.PulseAll(gate);
                while (work is not null)
                {
                    TimeSpan left = limit - TimeProvider.System.GetElapsedTime(started);
                    if (left > TimeSpan.Zero && Monitor.Wait(gate, left)) continue;
                    if (work is null) break;
                    leftBehind = true;
                    thrown = null;
                    return false;
                }
                thrown = failure;
                return true;
            }
        }

        void Loop()
        {
            while (true)
            {
                Action next;
                lock (gate)
                {
                    while (work is null) Monitor.Wait(gate);
                    next = work;
                }
                Exception? thrown = null;
                try
                {
                    next();
                }
                catch (Exception e)
                {
                    thrown = e;
                }
                lock (gate)
                {
                    failure = thrown;
                    work = null;
                    Monitor.PulseAll(gate);
                    if (leftBehind) return;
                }
            }
        }
    }
}
