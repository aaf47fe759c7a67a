using System;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace XrmSdk.Tests.Behaviour;

public sealed class ExceptionTests
{
    const int ErrorCodeOfAnyException = -2146233088;

    [Fact]
    public void Message_alone_has_the_code_of_any_exception()
    {
        var thrown = new InvalidPluginExecutionException("no");

        (thrown.Message, thrown.Status).ShouldBe(("no", OperationStatus.Failed));
        (thrown.ErrorCode, thrown.HResult).ShouldBe((ErrorCodeOfAnyException, ErrorCodeOfAnyException));
    }

    [Fact]
    public void Status_alone_has_an_empty_message()
    {
        var thrown = new InvalidPluginExecutionException(OperationStatus.Retry);

        (thrown.Message, thrown.Status).ShouldBe(("", OperationStatus.Retry));
    }

    [Fact]
    public void Code_is_the_hresult_too()
    {
        var thrown = new InvalidPluginExecutionException(OperationStatus.Canceled, 77, "no");

        (thrown.Status, thrown.ErrorCode, thrown.HResult).ShouldBe((OperationStatus.Canceled, 77, 77));
    }

    [Fact]
    public void Cause_is_kept()
    {
        var cause = new InvalidOperationException();

        new InvalidPluginExecutionException("no", cause).InnerException.ShouldBeSameAs(cause);
    }
}
