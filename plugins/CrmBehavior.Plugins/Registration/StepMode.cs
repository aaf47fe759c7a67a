namespace CrmBehavior.Plugins.Registration;

/// <summary>How a step runs; the numbers are the platform's (<c>sdkmessageprocessingstep.mode</c>).</summary>
public enum StepMode
{
    /// <summary>At once, in the caller's transaction; a refusal rolls back.</summary>
    Synchronous = 0,

    /// <summary>After the commit, as a job that the platform repeats when it fails.</summary>
    Asynchronous = 1,
}
