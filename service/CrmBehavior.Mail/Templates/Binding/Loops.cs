using System.Collections.Generic;
using CrmBehavior.Mail.Templates.Values;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.PathStructure;
using HandlebarsDotNet.ValueProviders;

namespace CrmBehavior.Mail.Templates.Binding;

/// <summary><c>each</c> over a list: <c>@index</c>, <c>@first</c>, <c>@last</c>.</summary>
sealed class ScopeListIterator : IIterator
{
    public void Iterate(
        in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template,
            TemplateDelegate ifEmpty)
    {
        var list = (ScopeList)input;
        list.Loop();
        Rounds.Run(writer, context, blockParamsVariables, Numbered(list), list.Items.Count, template, ifEmpty);
    }

    static IEnumerable<(object Key, object Value)> Numbered(ScopeList list)
    {
        for (int i = 0; i < list.Items.Count; i++) yield return ((long)i, list.Items[i]);
    }
}

/// <summary><c>each</c> over named values: <c>@key</c>, and as over a list.</summary>
sealed class ScopeIterator : IIterator
{
    public void Iterate(
        in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template,
            TemplateDelegate ifEmpty)
    {
        var scope = (Scope)input;
        scope.Loop();
        Rounds.Run(writer, context, blockParamsVariables, Named(scope), scope.Count, template, ifEmpty);
    }

    static IEnumerable<(object Key, object Value)> Named(Scope scope)
    {
        foreach (KeyValuePair<string, object> member in scope.Members) yield return (member.Key, member.Value);
    }
}

/// <summary><c>each</c> over what has nothing in it: the else part.</summary>
sealed class EmptyIterator : IIterator
{
    public void Iterate(
        in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template,
            TemplateDelegate ifEmpty) =>
        Rounds.Run(writer, context, blockParamsVariables, [], 0, template, ifEmpty);
}

static class Rounds
{
    public static void Run(
        in EncodedTextWriter writer, BindingContext context, ChainSegment[] names, IEnumerable<(object Key, object Value)> values, int count,
        TemplateDelegate template, TemplateDelegate ifEmpty)
    {
        using BindingContext frame = context.CreateFrame();
        var iterator = new IteratorValues(frame);
        var named = new BlockParamsValues(frame, names);
        named.CreateProperty(0, out var valueName);
        named.CreateProperty(1, out var keyName);
        long index = 0;
        foreach ((object key, object value) in values)
        {
            iterator.First = index == 0;
            iterator.Last = index == count - 1;
            iterator.Index = index;
            iterator.Key = key;
            iterator.Value = value;
            named[valueName] = value;
            named[keyName] = key;
            frame.Value = value;
            template(writer, frame);
            index++;
        }
        if (index > 0) return;
        frame.Value = context.Value;
        ifEmpty(writer, frame);
    }
}
