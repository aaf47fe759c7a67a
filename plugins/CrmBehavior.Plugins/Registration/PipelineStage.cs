namespace CrmBehavior.Plugins.Registration;

/// <summary>When in the work on a message a step runs; the numbers are the platform's (<c>sdkmessageprocessingstep.stage</c>).</summary>
public enum PipelineStage
{
    /// <summary>Inside the transaction, before the row is written.</summary>
    PreOperation = 20,

    /// <summary>The work itself; only for custom APIs.</summary>
    MainOperation = 30,

    /// <summary>After the row was written: inside the transaction when synchronous, outside it when asynchronous.</summary>
    PostOperation = 40,
}
