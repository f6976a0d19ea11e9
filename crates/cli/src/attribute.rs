//! `dixit attribute`: texts whose quotations are given in, who said each out.

use dixit_corpus::QuotedTexts;

use crate::End;
use crate::arguments::Attribute;
use crate::extract::{builder, usable};
use crate::run::{Run, shows_progress};

pub(crate) fn run(arguments: &Attribute) -> anyhow::Result<End> {
    let delivery = arguments.delivery();
    let inputs = match usable(&arguments.inputs, delivery, &arguments.model)? {
        Ok(inputs) => inputs,
        Err(end) => return Ok(end),
    };
    let pipeline = builder(delivery, &arguments.model).build()?;
    let most = arguments.corpora.max_document_size;
    let mut texts = QuotedTexts::new(inputs.clone(), arguments.cast, most);
    if shows_progress(delivery) {
        texts = texts.measured();
    }
    let meter = texts.meter();
    let run = Run {
        delivery,
        settings: settings(arguments, inputs),
        pipeline: &pipeline,
    };
    run.read(texts, meter)
}

/// Everything that the results depend on.
fn settings(arguments: &Attribute, inputs: Vec<String>) -> String {
    let mut arguments = arguments.clone();
    arguments.inputs = inputs;
    arguments.format = None;
    arguments.corpora.forget_writing();
    arguments.shared.forget();
    format!("{} {arguments:?}", env!("CARGO_PKG_VERSION"))
}
