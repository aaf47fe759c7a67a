using System;
using System.Threading.Tasks;
using CrmBehavior.Simulation.Tests.Processes;

namespace CrmBehavior.Simulation.Tests.Running;

/// <summary>What goes wrong with a call on its way.</summary>
public enum Mishap
{
    None,

    /// <summary>It fails, and nothing was done.</summary>
    Before,

    /// <summary>It is done, but its answer is lost.</summary>
    After,
}

/// <summary>
/// The way from a process to another system. A call that is on its way when its process dies arrives, or does not. A process may be killed
/// when it makes a call, and when the answer is about to reach it; then it may also stand still for some minutes.
/// </summary>
public sealed class Wire(Simulation simulation, ServiceProcess process)
{
    readonly World world = simulation.World;

    /// <summary>Whether nobody is there any more to hear an answer.</summary>
    public bool IsCut => process.Life.IsOver;

    public Task<T> CallAsync<T>(string what, TimeSpan way, Func<Task<T>> work, Mishap mishap, Func<Exception> failure, Action? cut = null)
    {
        world.Note($"{process.Name} {what} {mishap}");
        var answer = new TaskCompletionSource<T>();
        bool diesFirst = simulation.Faults.KillsNow();
        if (diesFirst && world.Happens(0.5))
        {
            simulation.Kill(process);
            cut?.Invoke();
            return answer.Task;
        }
        Life life = process.Life;
        world.Begin(async () =>
        {
            await world.Delay(way);
            try
            {
                if (life.IsOver && world.Happens(0.5)) return;
                if (mishap == Mishap.Before) throw failure();
                T result = await work();
                if (diesFirst && !life.IsOver) simulation.Kill(process);
                if (simulation.Faults.FreezesNow()) simulation.Freeze(process);
                if (mishap == Mishap.After) throw failure();
                answer.TrySetResult(result);
            }
            catch (Exception e)
            {
                answer.TrySetException(e);
            }
            finally
            {
                if (life.IsOver) cut?.Invoke();
            }
        });
        return answer.Task;
    }
}
