//! What several rules need to know about Python. Knows syntax and names, no rule.
