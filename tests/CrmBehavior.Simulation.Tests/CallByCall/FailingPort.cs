using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Stands before a port and fails calls of it, before they are made or after they are done.</summary>
public class FailingPort<T> : DispatchProxy where T : class
{
    T inner = null!;
    string name = "";
    Interruption interruption = null!;

    internal void Set(T port, string portName, Interruption what) => (inner, name, interruption) = (port, portName, what);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        Type answer = targetMethod.ReturnType;
        if (!typeof(Task).IsAssignableFrom(answer)) return targetMethod.Invoke(inner, args);
        Mishap mishap = interruption.Next(name);
        Func<Task> call = () => (Task)targetMethod.Invoke(inner, args)!;
        if (!answer.IsGenericType) return RunAsync<bool>(call, mishap, args!);
        return typeof(FailingPort<T>).GetMethod(nameof(RunAsync), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(answer.GetGenericArguments()[0]).Invoke(this, [call, mishap, args]);
    }

    async Task<TAnswer> RunAsync<TAnswer>(Func<Task> call, Mishap mishap, object?[] args)
    {
        if (mishap == Mishap.Before) return Failed<TAnswer>(args);
        Task task = call();
        await task;
        if (mishap == Mishap.After && typeof(TAnswer) != typeof(IProfileBatch)) return Failed<TAnswer>(args);
        if (task is not Task<TAnswer> typed) return default!;
        return typed.Result is IProfileBatch batch ? (TAnswer)FailingPort.Before(batch, name, interruption) : typed.Result;
    }

    TAnswer Failed<TAnswer>(object?[] args)
    {
        // The CRM answers row by row and the mail provider by its outcome; everything else throws.
        if (typeof(TAnswer) == typeof(IReadOnlyList<CrmResult>))
        {
            var results = new CrmResult[((IReadOnlyList<CrmWrite>)args[0]!).Count];
            Array.Fill(results, new CrmResult(CrmOutcome.Retry, "no answer"));
            return (TAnswer)(object)results;
        }
        if (typeof(TAnswer) == typeof(MailResult)) return (TAnswer)(object)new MailResult(MailOutcome.Uncertain, "no answer");
        throw name == "crm" ? new CrmException("no answer", isTransient: true) : new StoreUnavailableException("the connection was lost", isTransient: true);
    }
}

/// <summary>Puts a failing port before another.</summary>
public static class FailingPort
{
    public static T Before<T>(T inner, string name, Interruption interruption) where T : class
    {
        T port = DispatchProxy.Create<T, FailingPort<T>>();
        ((FailingPort<T>)(object)port).Set(inner, name, interruption);
        return port;
    }
}
