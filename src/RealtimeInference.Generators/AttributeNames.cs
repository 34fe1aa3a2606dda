namespace RealtimeInference;

/// <summary>The attributes that the generator reads, by their names: it has no reference to the library.</summary>
internal static class AttributeNames
{
    public const string Namespace = "RealtimeInference";
    public const string TabularInput = Namespace + ".TabularInputAttribute";
    public const string TabularTensor = Namespace + ".TabularTensorAttribute";
    public const string FeatureName = Namespace + ".FeatureNameAttribute";
    public const string Feature = Namespace + ".FeatureAttribute";
}
