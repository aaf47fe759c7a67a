using System;
using System.Diagnostics.CodeAnalysis;
using CrmBehavior.Mail.Templates.Values;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace CrmBehavior.Mail.Templates.Binding;

/// <summary>
/// Tells the renderer how to look into values, for every type there is: by default it would read any public property of any object by
/// reflection.
/// </summary>
sealed class ClosedDescriptors : IObjectDescriptorProvider
{
    public bool TryGetDescriptor(Type type, [NotNullWhen(true)] out ObjectDescriptor? value)
    {
        value = type == typeof(Scope) ? Describe(type, new Members<Scope>((s, name) => s.Member(name)), new ScopeIterator())
            : type == typeof(ScopeList) ? Describe(type, new Members<ScopeList>((l, name) => l.Member(name)), new ScopeListIterator())
            : type == typeof(Missing) ? Describe(type, new Members<Missing>((m, name) => m.Member(name)), new EmptyIterator())
            : Describe(type, new NoMembers(), new EmptyIterator());
        return true;
    }

    static ObjectDescriptor Describe(Type type, IMemberAccessor members, IIterator iterator) =>
        new(type, members, static (_, _) => Array.Empty<ChainSegment>(), _ => iterator);

    sealed class Members<T>(Func<T, string, object> member) : IMemberAccessor
    {
        public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
        {
            value = member((T)instance, memberName.TrimmedValue);
            return true;
        }
    }

    sealed class NoMembers : IMemberAccessor
    {
        public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
        {
            value = null;
            return false;
        }
    }
}
