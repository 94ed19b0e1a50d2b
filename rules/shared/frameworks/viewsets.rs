//! Methods of view sets of Django REST framework in whose place the framework puts others. Knows names of bases and methods, no rule.

use roadworthy_engine::FileContext;

use crate::shared::code::words::last_part;

/// Whether a place lies in a method of a view set for which routers put an action: `def patch(self, request, pk)` of a `ModelViewSet`,
/// which has `partial_update` for that (<https://www.django-rest-framework.org/api-guide/routers/#simplerouter>). Without the key of a
/// row it may answer for the list, for which there is no such action.
pub(crate) fn is_replaced(file: &FileContext<'_>, offset: u32) -> bool {
    let function = file.outline.enclosing(offset).filter(|it| it.is_function()).last();
    let Some(function) = function else { return false };
    if !matches!(file.slice(function.name), "patch" | "put")
        || file.outline.signature(function).parameters.len() < 3
    {
        return false;
    }
    let class = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    class.is_some_and(|class| {
        let mut bases = file.outline.arguments(class).iter();
        bases.any(|it| last_part(file.slice(it.value)) == "ModelViewSet")
    })
}

#[cfg(test)]
mod tests {
    use super::is_replaced;
    use crate::shared::in_memory::with_file;

    #[test]
    fn routers_put_actions_in_the_place_of_methods_for_rows() {
        let code = "class Orders(viewsets.ModelViewSet):\n    def patch(self, request, *args, **kwargs):\n        \
            gone()\n    def put(self, request):\n        all()\n    def post(self, request, pk):\n        more()\n\n\
            class Order(APIView):\n    def patch(self, request, pk):\n        here()\n";
        with_file("shop/views.py", code, |file| {
            let is = |name: &str| is_replaced(file, code.find(name).unwrap() as u32);
            assert!(is("gone("));
            assert!(!is("all(") && !is("more(") && !is("here("));
        });
    }
}
