namespace CrmBehavior.Plugins.Registration;

/// <summary>Which state of the row an image shows; the numbers are the platform's (<c>sdkmessageprocessingstepimage.imagetype</c>).</summary>
public enum ImageKind
{
    /// <summary>The row before the message.</summary>
    Before = 0,

    /// <summary>The row after the message.</summary>
    After = 1,
}
