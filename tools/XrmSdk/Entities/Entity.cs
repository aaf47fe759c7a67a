using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>A row, or the part of it that was read or is to be written.</summary>
[DataContract(Name = "Entity", Namespace = ContractNamespaces.Xrm2011)]
public class Entity : IExtensibleDataObject
{
    AttributeCollection attributes;
    FormattedValueCollection formattedValues;
    RelatedEntityCollection relatedEntities;
    KeyAttributeCollection keyAttributes;

    public Entity()
    {
    }

    public Entity(string entityName)
    {
        LogicalName = entityName;
    }

    public Entity(string entityName, Guid id)
        : this(entityName)
    {
        Id = id;
    }

    public Entity(string entityName, string keyName, object keyValue)
        : this(entityName)
    {
        KeyAttributes.Add(keyName, keyValue);
    }

    public Entity(string entityName, KeyAttributeCollection keyAttributes)
        : this(entityName)
    {
        this.keyAttributes = keyAttributes;
    }

    /// <summary>Logical name of the table.</summary>
    [DataMember]
    public string LogicalName { get; set; }

    [DataMember]
    public virtual Guid Id { get; set; }

    [DataMember]
    public AttributeCollection Attributes
    {
        get => attributes ??= new AttributeCollection();
        set => attributes = value;
    }

    [DataMember]
    public EntityState? EntityState { get; set; }

    [DataMember]
    public FormattedValueCollection FormattedValues
    {
        get => formattedValues ??= new FormattedValueCollection();
        internal set => formattedValues = value;
    }

    [DataMember]
    public RelatedEntityCollection RelatedEntities
    {
        get => relatedEntities ??= new RelatedEntityCollection();
        internal set => relatedEntities = value;
    }

    /// <summary>The version number as text.</summary>
    [DataMember]
    public string RowVersion { get; set; }

    [DataMember]
    public KeyAttributeCollection KeyAttributes
    {
        get => keyAttributes ??= new KeyAttributeCollection();
        set => keyAttributes = value;
    }

    public bool HasLazyFileAttribute { get; set; }

    public string LazyFileAttributeKey { get; set; }

    public Lazy<object> LazyFileAttributeValue { get; set; }

    public string LazyFileSizeAttributeKey { get; set; }

    public int LazyFileSizeAttributeValue { get; set; }

    /// <summary>A column's value; reading a column that is not there throws <see cref="KeyNotFoundException"/>.</summary>
    public object this[string attributeName]
    {
        get => Attributes[attributeName];
        set => Attributes[attributeName] = value;
    }

    public ExtensionDataObject ExtensionData { get; set; }

    public bool Contains(string attributeName) => Attributes.Contains(attributeName);

    /// <summary>A copy as another type, also when it is the same type; the collections' members are shared, the collections not.</summary>
    public T ToEntity<T>()
        where T : Entity
    {
        var copy = Activator.CreateInstance<T>();
        if (!string.IsNullOrEmpty(copy.LogicalName) && copy.LogicalName != LogicalName)
            throw new NotSupportedException("Cannot convert entity " + LogicalName + " to " + copy.LogicalName + ".");
        copy.LogicalName = LogicalName;
        copy.Id = Id;
        copy.EntityState = EntityState;
        copy.RowVersion = RowVersion;
        copy.ExtensionData = ExtensionData;
        copy.Attributes.AddRange(Attributes.Where(pair => !copy.Attributes.Contains(pair.Key)));
        copy.FormattedValues.AddRange(FormattedValues);
        copy.RelatedEntities.AddRange(RelatedEntities);
        copy.KeyAttributes.AddRange(KeyAttributes);
        return copy;
    }

    public EntityReference ToEntityReference()
    {
        var reference = new EntityReference(LogicalName, Id) { RowVersion = RowVersion };
        reference.KeyAttributes.AddRange(KeyAttributes);
        return reference;
    }

    /// <summary>A column's value, or the default of <typeparamref name="T"/> where it is missing or null.</summary>
    public virtual T GetAttributeValue<T>(string attributeLogicalName)
    {
        if (attributeLogicalName == null) throw new ArgumentNullException(nameof(attributeLogicalName));
        return Attributes.TryGetValue(attributeLogicalName, out object value) && value != null ? (T)value : default;
    }

    protected virtual void SetAttributeValue(string attributeLogicalName, object value)
    {
        if (attributeLogicalName == null) throw new ArgumentNullException(nameof(attributeLogicalName));
        Attributes[attributeLogicalName] = value;
    }

    protected virtual string GetFormattedAttributeValue(string attributeLogicalName)
    {
        if (attributeLogicalName == null) throw new ArgumentNullException(nameof(attributeLogicalName));
        return FormattedValues.TryGetValue(attributeLogicalName, out string text) ? text : null;
    }

    protected virtual TEntity GetRelatedEntity<TEntity>(string relationshipSchemaName, EntityRole? primaryEntityRole)
        where TEntity : Entity =>
        GetRelatedEntities<TEntity>(relationshipSchemaName, primaryEntityRole)?.FirstOrDefault();

    protected virtual void SetRelatedEntity<TEntity>(string relationshipSchemaName, EntityRole? primaryEntityRole, TEntity entity)
        where TEntity : Entity =>
        SetRelatedEntities(relationshipSchemaName, primaryEntityRole, entity == null ? null : new[] { entity });

    protected virtual IEnumerable<TEntity> GetRelatedEntities<TEntity>(string relationshipSchemaName, EntityRole? primaryEntityRole)
        where TEntity : Entity
    {
        var relationship = new Relationship(relationshipSchemaName) { PrimaryEntityRole = primaryEntityRole };
        return RelatedEntities.TryGetValue(relationship, out EntityCollection rows) ? rows.Entities.Cast<TEntity>() : null;
    }

    protected virtual void SetRelatedEntities<TEntity>(string relationshipSchemaName, EntityRole? primaryEntityRole, IEnumerable<TEntity> entities)
        where TEntity : Entity
    {
        var relationship = new Relationship(relationshipSchemaName) { PrimaryEntityRole = primaryEntityRole };
        if (entities == null)
            RelatedEntities.Remove(relationship);
        else
            RelatedEntities[relationship] = new EntityCollection(entities.Cast<Entity>().ToList());
    }
}
