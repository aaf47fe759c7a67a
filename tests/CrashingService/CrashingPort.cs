using System;
using System.Reflection;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.CrashingService;

/// <summary>Stands before a port; passes every call on, and may never return from one.</summary>
/// <typeparam name="T">The port.</typeparam>
public class CrashingPort<T> : DispatchProxy where T : class
{
    T inner = null!;
    CrashPoint point = null!;

    internal void Set(T port, CrashPoint where) => (inner, point) = (port, where);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        Type answer = targetMethod.ReturnType;
        if (!typeof(Task).IsAssignableFrom(answer)) return targetMethod.Invoke(inner, args);
        string name = $"{targetMethod.DeclaringType!.Name}.{targetMethod.Name}";
        int mine = point.Before(name);
        var task = (Task)targetMethod.Invoke(inner, args)!;
        Type result = answer.IsGenericType ? answer.GetGenericArguments()[0] : typeof(bool);
        return typeof(CrashingPort<T>).GetMethod(nameof(FinishAsync), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(result).Invoke(this, [task, name, mine]);
    }

    async Task<TAnswer> FinishAsync<TAnswer>(Task task, string name, int mine)
    {
        await task;
        point.After(name, mine);
        if (task is not Task<TAnswer> typed) return default!;
        return typed.Result is IProfileBatch batch ? (TAnswer)CrashingPort.Before(batch, point) : typed.Result;
    }
}

/// <summary>Makes ports that may crash.</summary>
internal static class CrashingPort
{
    /// <summary>Puts one before another port.</summary>
    public static T Before<T>(T inner, CrashPoint point) where T : class
    {
        T port = DispatchProxy.Create<T, CrashingPort<T>>();
        ((CrashingPort<T>)(object)port).Set(inner, point);
        return port;
    }
}
